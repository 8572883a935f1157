# short runs of two parts on one chart, each in sigmas from its own centre
chart z-mr
baseline centre 10
baseline sigma 2
values 10 12 17 9 11
parts shaft shaft shaft bush bush
rules 1
expect z statistic 3.5 at 2
expect z ucl 3 at 0
expect mr ucl 3.6852 at 3
expect rule 1 on z at 2
expect rule 1 on mr at 3
