# nothing is judged by no rules
chart i-mr
baseline centre 0
baseline sigma 1
rules none
values 0 9 -9 0
expect i ucl 3 at 0
expect nothing
