# eight points beyond one sigma on one side are a shift, no mixture
limits centre 0 sigma 1
rules 8
points 1.2*9
expect nothing
