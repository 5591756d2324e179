#!/bin/bash
tablefull workshop | grep -Eq '^reset-by-peer .* ([1-9]|10)/10'
