"""Prints what TensorBoard's readers find in a folder of event files, as JSON: the one it uses itself, and the one of scripts."""

import base64
import json
import sys

from tensorboard import version
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

events = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0})
events.Reload()


def value(proto):
    if proto.dtype == 7:  # DT_STRING
        return [base64.b64encode(one).decode() for one in proto.string_val]
    return tensor_util.make_ndarray(proto).tolist()


# What people write scripts with: it knows scalars, histograms and images, and makes nothing of tensors.
scripted = event_accumulator.EventAccumulator(
    sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "images": 0}
)
scripted.Reload()

print(
    json.dumps(
        {
            "version": version.VERSION,
            "scalars": {
                tag: {event.step: event.value for event in scripted.Scalars(tag)}
                for tag in scripted.Tags()["scalars"]
            },
            "histograms": {
                tag: {event.step: event.histogram_value.num for event in scripted.Histograms(tag)}
                for tag in scripted.Tags()["histograms"]
            },
            "images": {
                tag: {event.step: [event.width, event.height] for event in scripted.Images(tag)}
                for tag in scripted.Tags()["images"]
            },
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
