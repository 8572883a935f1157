# numbers of defectives in samples of fifty; 5 +- 3 sqrt(50 * 0.1 * 0.9)
chart np
baseline centre 5
counts 5 11 12 0
sizes 50
rules 1
expect np ucl 11.364 at 0
expect np lcl 0 at 0
expect rule 1 on np at 2
