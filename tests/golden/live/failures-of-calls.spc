# one failed call is not yet too many, two with five good ones between are; an outage is over eighteen good calls after it
plan {chart: ewma, lambda: 0.1, limitsSigma: 6, baseline: {centre: 0.01, sigma: 0.1}}
points 0*60 1 0*60 1 0*5 1 0*62 1*50 0*100
expect ewma limit at 127..127 side above
expect ewma limit at 191..257 side above
