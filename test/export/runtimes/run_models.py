"""Run models in runtimes that have no JavaScript form; for the tests that compare exported files.

    python run_models.py CASES.json > OUTPUTS.json

CASES is a list of {"format": "tflite" | "coreml", "file": path, "inputs": [{"shape", "data"}]}; the
answer has for each {"shape", "data"} of the only output, or {"error"}. Core ML programs are loaded by
coremltools, which checks every operator with its arguments, types and shapes, and computed by torch.
"""
import contextlib, json, logging, sys, warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import numpy as np


def arrays(case):
    return [np.array(i["data"], np.float32).reshape(i["shape"]) for i in case["inputs"]]


def tflite(case):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    model = Interpreter(case["file"], experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    declared = {t["index"]: tuple(t["shape"]) for t in model.get_tensor_details()}
    model.allocate_tensors()
    for detail, value in zip(model.get_input_details(), arrays(case), strict=True):
        model.set_tensor(detail["index"], value)
    model.invoke()
    for t in model.get_tensor_details():
        assert t["index"] not in declared or declared[t["index"]] == tuple(t["shape"]), f"{t['name']} is declared {declared[t['index']]} and is {t['shape']}"
    out = model.get_output_details()
    assert len(out) == 1 and out[0]["name"] == "output", out
    return model.get_tensor(out[0]["index"])


def coreml(case):
    import coremltools as ct, torch, torch.nn.functional as F
    from coremltools import _OPSET
    from coremltools.converters.mil.frontend.milproto import load

    package = ct.models.MLModel(case["file"], skip_model_load=True)
    spec = package.get_spec()
    function = spec.mlProgram.functions["main"]
    block = function.block_specializations[function.opset]
    assert _OPSET[spec.specificationVersion] == function.opset, "specification version and opset disagree"
    described = [(i.name, list(i.type.multiArrayType.shape)) for i in spec.description.input]
    declared = [(i.name, [d.constant.size for d in i.type.tensorType.dimensions]) for i in function.inputs]
    assert described == declared, "description and function have other inputs"
    assert [o.name for o in spec.description.output] == list(block.outputs), "description and block have other outputs"
    names = [o.name for op in block.operations for o in op.outputs]
    assert len(set(names)) == len(names), "an output name twice"
    assert all("name" in op.attributes for op in block.operations), "an operation without a name"
    program = load.load(spec, specification_version=spec.specificationVersion, file_weights_dir=package.weights_dir)
    main = program.functions["main"]
    half = next(iter(main.inputs.values())).dtype.__name__ == "fp16"
    env = {name: torch.from_numpy(value).to(torch.float16 if half else torch.float32) for (name, _), value in zip(described, arrays(case), strict=True)}

    def of(var):
        if var.val is None:
            return env[var.name].float()
        return torch.from_numpy(np.asarray(var.val)).float() if np.asarray(var.val).dtype.kind == "f" else var.val

    for op in main.operations:
        kind, given = op.op_type, op.inputs
        if kind == "const":
            continue
        val = lambda key: given[key].val.tolist() if isinstance(given[key].val, np.ndarray) else given[key].val
        x = of(given["x"]) if "x" in given else None
        y = of(given["y"]) if "y" in given and given["y"] is not None else None
        if kind == "conv":
            p = val("pad")
            assert val("pad_type") == "custom" and p[0] == p[1] == p[2] == p[3]
            bias = of(given["bias"]) if given.get("bias") is not None else None
            found = F.conv2d(x, of(given["weight"]), bias, val("strides"), p[0], val("dilations"), int(val("groups")))
        elif kind == "batch_norm":
            found = F.batch_norm(x, *(of(given[k]) for k in ("mean", "variance", "gamma", "beta")), eps=float(val("epsilon")))
        elif kind == "layer_norm":
            assert val("axes") == [1]
            found = F.layer_norm(x.movedim(1, -1), (x.shape[1],), of(given["gamma"]), of(given["beta"]), float(val("epsilon"))).movedim(-1, 1)
        elif kind == "slice_by_index":
            found = x[tuple(slice(a, b) for a, b in zip(val("begin"), val("end")))]
        elif kind == "concat":
            assert not val("interleave")
            found = torch.cat([of(v) for v in given["values"]], int(val("axis")))
        elif kind == "avg_pool":
            assert val("pad_type") == "valid"
            found = F.avg_pool2d(x, val("kernel_sizes"), val("strides"))
        elif kind == "reduce_mean":
            found = x.mean(val("axes"), keepdim=bool(val("keep_dims")))
        elif kind == "matmul":
            found = torch.matmul(x.transpose(-1, -2) if val("transpose_x") else x, y.transpose(-1, -2) if val("transpose_y") else y)
        elif kind == "gelu":
            assert val("mode") == "EXACT"
            found = F.gelu(x)
        elif kind == "sigmoid_hard":
            found = torch.clamp(x * float(val("alpha")) + float(val("beta")), 0, 1)
        else:
            plain = {"relu": F.relu, "relu6": F.relu6, "silu": F.silu, "sigmoid": torch.sigmoid, "identity": lambda a: a}
            pairs = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "minimum": torch.minimum}
            if kind in plain:
                found = plain[kind](x)
            elif kind in pairs:
                found = pairs[kind](x, y)
            elif kind == "reshape":
                found = x.reshape(val("shape"))
            elif kind == "transpose":
                found = x.permute(val("perm"))
            elif kind == "softmax":
                found = torch.softmax(x, int(val("axis")))
            else:
                raise NotImplementedError(kind)
        out = op.outputs[0]
        assert tuple(out.shape) == tuple(found.shape), (op.name, out.shape, found.shape)
        env[out.name] = found.to(torch.float16) if half else found
    (result,) = main.outputs
    assert list(result.shape) == list(spec.description.output[0].type.multiArrayType.shape)
    return env[result.name].float().numpy()


with open(sys.argv[1]) as f:
    cases = json.load(f)
answers = []
with contextlib.redirect_stdout(sys.stderr):
    for case in cases:
        try:
            found = {"tflite": tflite, "coreml": coreml}[case["format"]](case)
            answers.append({"shape": list(found.shape), "data": found.astype(np.float64).ravel().tolist()})
        except Exception as error:
            answers.append({"error": f"{type(error).__name__}: {error}"})
json.dump(answers, sys.stdout)
