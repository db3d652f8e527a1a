"""Messages to people: kept as code and facts, put into words when read."""

from marketplace.base.inbox.messages import (
    MessageRow,
    chat_text,
    count_unread,
    list_messages,
    mark_read,
    notify,
    topic_of,
)

__all__ = [
    "MessageRow",
    "chat_text",
    "count_unread",
    "list_messages",
    "mark_read",
    "notify",
    "topic_of",
]
