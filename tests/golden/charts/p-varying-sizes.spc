# the same share is beyond the limit of a large sample and inside that of a small one
chart p
baseline centre 0.1
counts 10 40 8 6
sizes 100 200 40 40
rules 1
expect p ucl 0.19 at 0
expect p lcl 0 at 2
expect rule 1 on p at 1
