# 2 / sqrt(pi) in place of the printed 1.128 (values of the NIST handbook's example)
chart i-mr
option d2 exact
values 49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1
expect i ucl 55.80241 at 0
expect nothing
