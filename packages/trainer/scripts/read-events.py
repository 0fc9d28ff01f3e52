"""Prints what the reader that TensorBoard itself uses finds in a folder of event files, as JSON."""

import base64
import json
import sys

from tensorboard import version
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

events = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0})
events.Reload()


def value(proto):
    if proto.dtype == 7:  # DT_STRING
        return [base64.b64encode(one).decode() for one in proto.string_val]
    return tensor_util.make_ndarray(proto).tolist()


print(
    json.dumps(
        {
            "version": version.VERSION,
            "tags": {
                tag: {
                    "plugin": events.SummaryMetadata(tag).plugin_data.plugin_name,
                    "values": {event.step: value(event.tensor_proto) for event in events.Tensors(tag)},
                }
                for tag in events.Tags()["tensors"]
            },
        }
    )
)
