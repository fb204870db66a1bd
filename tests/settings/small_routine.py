"""The smallest routine that says everything a step must say."""

SMALL = """format = 1
title = "Small"
source = "ours"
about_s = 30

[[steps]]
id = "one"
kind = "tool"
zone = "cheek"
side = "left"
technique = "sweep"
direction = "outward"
repetition = "stroke"
repetitions = 3
time_limit_s = 20
hint = "Roll."
"""
