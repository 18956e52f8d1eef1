"""What does the ground keep in the database?"""

from sportello.kernel.models.blob import Blob
from sportello.kernel.models.job import Job, ScheduleRun, State
from sportello.kernel.models.limit import Limit
from sportello.kernel.models.live import LiveSignal
from sportello.kernel.models.search import SearchEntry

__all__ = ["Blob", "Job", "Limit", "LiveSignal", "ScheduleRun", "SearchEntry", "State"]
