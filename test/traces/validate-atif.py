# SPDX-License-Identifier: GPL-3.0-only
"""Has Harbor validate each line of a file as a trajectory: validate-atif.py FILE. Prints what is wrong, a line each."""

import json
import sys

from harbor.utils.trajectory_validator import TrajectoryValidator

count = 0
for line in open(sys.argv[1], encoding="utf8"):
    validator = TrajectoryValidator()
    validator.validate(json.loads(line), validate_images=False)
    for error in validator.get_errors():
        print(error)
    count += 1
print(f"{count} trajectories")
