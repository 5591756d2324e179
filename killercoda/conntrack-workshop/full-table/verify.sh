#!/bin/bash
tablefull workshop | grep -Eq '^full-table .* ([1-9]|10)/10'
