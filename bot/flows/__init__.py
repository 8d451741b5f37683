"""The jobs: each fetches, decides, writes, executes and tells, through `ports`."""
