"""Work that runs later or again and again, with leases so that two processes never share one."""

from marketplace.base.jobs.queue import (
    Heartbeat,
    JobHandler,
    JobView,
    enqueue,
    get_job,
    run_due,
)

__all__ = ["Heartbeat", "JobHandler", "JobView", "enqueue", "get_job", "run_due"]
