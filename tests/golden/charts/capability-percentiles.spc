# waits that are skewed, by observed percentiles: between twenty values, nearly their ends; too few for an interval
chart capability
option distribution percentile
option lsl 0
option usl 24
values 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
expect capability cp value 1.2666
expect capability cpk value 1.1083
expect capability cpu value 1.4249
expect nothing
