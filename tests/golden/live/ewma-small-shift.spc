# a shift of one and a half sigma shows on the EWMA where no value is beyond three
plan {chart: ewma, baseline: {centre: 0, sigma: 1}}
points 0.2 -0.5 0.3 -0.1 1.6 1.4 1.8 1.3 1.7 1.5 0*8
expect ewma limit at 8..9 side above
