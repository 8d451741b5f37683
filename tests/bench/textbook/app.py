"""
A bot as tutorials build it, to measure ours against: Bolt with its own Lambda adapter.

Clients are made at import, the token is in the environment, and what takes long is left to
lazy listeners, for which Bolt calls the same function once more. It takes the same clicks as ours.
"""

# ruff: noqa: ANN001, ANN201 - written as tutorials write it

import json
import os

import boto3
from slack_bolt import App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_sdk import WebClient

app = App(
    client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    process_before_response=True,
)
sagemaker = boto3.client("sagemaker")


@app.action("approve")
def open_form(ack, body, client):
    ack()
    comment = {"type": "plain_text_input", "action_id": "comment"}
    client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "decide",
            "title": {"type": "plain_text", "text": "Approve"},
            "submit": {"type": "plain_text", "text": "Approve"},
            "private_metadata": json.dumps({"button": json.loads(body["actions"][0]["value"])}),
            "blocks": [
                {
                    "type": "input",
                    "block_id": "comment",
                    "label": {"type": "plain_text", "text": "Comment"},
                    "element": comment,
                }
            ],
        },
    )


def acknowledge(ack):
    ack()


def update(body):
    view = body["view"]
    sagemaker.update_model_package(
        ModelPackageArn=json.loads(view["private_metadata"])["button"]["arn"],
        ModelApprovalStatus="Approved",
        ApprovalDescription=view["state"]["values"]["comment"]["comment"]["value"],
    )


def answer(respond):
    groups = sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]
    respond("\n".join(group["ModelPackageGroupName"] for group in groups) or "No models.")


app.view("decide")(ack=acknowledge, lazy=[update])
app.command("/model-status")(ack=acknowledge, lazy=[answer])


def lambda_handler(event, context):
    return SlackRequestHandler(app).handle(event, context)
