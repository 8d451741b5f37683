"""The jobs: each gathers, judges and acts, through the ports it is handed."""
