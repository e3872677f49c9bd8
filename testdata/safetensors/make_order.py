"""Writes order.safetensors: a tensor of every dtype and two of F32, by the safetensors package, without metadata.

Run: python3 make_order.py, with safetensors 0.8.0. The C++ writer gives the same bytes for the same tensors: each holds
the bytes 0, 1, 0, 1, ... of shape [2].
"""

import ctypes

from safetensors import TensorSpec, serialize_file

SIZES = {
    "bool": 1, "uint8": 1, "int8": 1, "float8_e5m2": 1, "float8_e4m3fn": 1, "float8_e8m0fnu": 1,
    "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1, "int16": 2, "uint16": 2, "float16": 2, "bfloat16": 2,
    "int32": 4, "uint32": 4, "float32": 4, "complex64": 8, "float64": 8, "int64": 8, "uint64": 8,
}  # fmt: skip

buffers = {name: ctypes.create_string_buffer(bytes([0, 1] * size), 2 * size) for name, size in SIZES.items()}


def spec(name):
    address = ctypes.addressof(buffers[name])
    return TensorSpec(dtype=name, shape=[2], data_ptr=address, data_len=2 * SIZES[name])


serialize_file({name: spec(name) for name in SIZES} | {"another": spec("float32")}, "order.safetensors")
