# one failed call is not yet too many, two of fifteen are; an outage is over with the first fifteen good calls after it
plan {chart: p, subgroup: {size: 15, curtailed: true}, rules: [1], baseline: {centre: 0.01}}
points 0*60 1 0*60 1 0*5 1 0*62 1*50 0*100
expect p 1 at 127..127 side above
expect p 1 at 191..239 side above
