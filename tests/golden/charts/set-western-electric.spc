# Western Electric: a run is of eight
chart i-mr
baseline centre 0
baseline sigma 1
rules western-electric
values 0.5 0.6 0.5 0.6 0.5 0.6 0.5 0.6
expect rule 2 on i at 7 span 0..7
