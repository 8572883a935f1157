# the printed 1.128: NIST handbook 6.3.2.2, limits 55.8041 and 45.8159
chart i-mr
option d2 table
values 49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1
expect i ucl 55.8041 at 0
expect i lcl 45.8159 at 9
expect nothing
