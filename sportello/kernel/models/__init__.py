"""What does the ground keep in the database?"""

from sportello.kernel.models.job import Job, ScheduleRun, State
from sportello.kernel.models.limit import Limit

__all__ = ["Job", "Limit", "ScheduleRun", "State"]
