# shafts between 9.85 and 10.1: indices with intervals of 90 %
chart capability
option lsl 9.85
option usl 10.10
option target 10
option confidence 0.9
values 10.02 9.98 10.05 9.97 10.01 10.03 9.99 9.96 10.04 10.00 9.98 10.02 10.01 9.99 10.03 9.97 10.00 10.02 9.98 10.05
expect capability cp value 1.1304
expect capability cp low 0.8248
expect capability cp high 1.4238
expect capability cpk value 0.8591
expect capability cpk low 0.5991
expect capability cpk high 1.119
expect capability cpl value 1.4017
expect capability cpm value 1.1201
expect capability pp value 1.5295
expect capability ppk value 1.1624
expect capability ppm value 1.5044
expect nothing
