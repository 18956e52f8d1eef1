"""What does the ground keep in the database?"""

from sportello.kernel.models.blob import Blob
from sportello.kernel.models.job import Job, ScheduleRun, State
from sportello.kernel.models.limit import Limit

__all__ = ["Blob", "Job", "Limit", "ScheduleRun", "State"]
