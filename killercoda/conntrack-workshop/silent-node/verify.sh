#!/bin/bash
tablefull workshop | grep -Eq '^silent-node .* ([1-9]|10)/10'
