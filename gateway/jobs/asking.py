"""The store asked from the event loop: in a thread, its errors as callers understand them."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from gateway.jobs.ports import StoreAwayError, StoreBrokenError, StoreDamagedError, StoreFullError
from gateway.jobs.runner import end_process
from services.common.errors import DomainError

T = TypeVar("T")


async def ask_store(method: Callable[..., T], *given: Any) -> T:
    """What the method returns. DomainError(STORE_FULL, NOT_READY, STORE_DAMAGED); a broken store ends the process."""
    try:
        return await asyncio.to_thread(method, *given)
    except StoreFullError as error:
        raise DomainError("STORE_FULL", detail=str(error)) from None
    except StoreAwayError:
        raise DomainError("NOT_READY", detail="the store does not answer") from None
    except StoreDamagedError as error:
        raise DomainError("STORE_DAMAGED", detail=str(error)) from None
    except StoreBrokenError as error:
        # What it holds is not known until it is opened again.
        end_process(error)
        raise
