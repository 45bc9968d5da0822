"""Makes mail platforms obey: observe, compare, apply. Level-triggered, so doing it twice does no harm."""
