"""The SageMaker Model Registry as values: versions, statuses, the four moves."""
