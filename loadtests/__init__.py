"""Load tests: bounded in users and time, aimed at servers on loopback that they start themselves.

`__main__` starts servers (servers.py), watches their memory (watch.py), has locust drive the load in a process of its
own (drive.py with users.py, planners.py, analysts.py), then judges (aims.py) and reports (report.py).
"""
