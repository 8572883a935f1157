# AIAG: a run is of seven
chart i-mr
baseline centre 0
baseline sigma 1
rules aiag
values 0.5 0.6 0.5 0.6 0.5 0.6 0.5
expect rule 2 on i at 6 span 0..6
