# Laney: shares of large samples vary more than their distribution says, here 1.76 times
chart p-prime
counts 120 95 130 88 140 101
sizes 1000 900 1100 1000 1200 950
rules 1
expect p-prime centre 0.1096 at 0
expect p-prime ucl 0.1617 at 0
expect p-prime lcl 0.0547 at 1
expect nothing
