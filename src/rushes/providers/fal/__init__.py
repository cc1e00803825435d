"""fal: the paid service that serves LTX and other models through one queue API."""
