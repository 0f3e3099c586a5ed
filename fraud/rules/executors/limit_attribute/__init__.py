"""For whom, where and how an item is paid."""
