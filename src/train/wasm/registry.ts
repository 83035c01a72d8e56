import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import {
  engine,
  getBackend,
  getKernel,
  type NamedAttrMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { type Heap, openHeap } from "./heap.js";
import type { Address, SimdLevel } from "./kernels.js";
import { filterGradient, inputGradient } from "./registry/conv2d.js";
import { depthwiseFilterGradient, depthwiseInputGradient } from "./registry/depthwise.js";
import { type ConvAttributes, type Geometry, geometryOf } from "./registry/geometry.js";

/** The gradient kernels tfjs' wasm backend lacks, or has as plain loops: each takes dy and another tensor. */
const gradientKernels: readonly {
  readonly name: string;
  readonly depthwise: boolean;
  /** The other tensor, and what is written, by the names tfjs gives them. */
  readonly other: "x" | "filter";
  readonly shape: "inputShape" | "filterShape";
  readonly run: (heap: Heap, g: Geometry, other: Address, dy: Address, to: Address) => void;
}[] = [
  { name: "Conv2DBackpropInput", depthwise: false, other: "filter", shape: "inputShape", run: inputGradient },
  { name: "Conv2DBackpropFilter", depthwise: false, other: "x", shape: "filterShape", run: filterGradient },
  {
    name: "DepthwiseConv2dNativeBackpropInput",
    depthwise: true,
    other: "filter",
    shape: "inputShape",
    run: depthwiseInputGradient,
  },
  {
    name: "DepthwiseConv2dNativeBackpropFilter",
    depthwise: true,
    other: "x",
    shape: "filterShape",
    run: depthwiseFilterGradient,
  },
];

/**
 * Register our kernels with tfjs' wasm backend, so that ordinary tfjs models train on it: the gradients of `conv2d` and
 * `depthwiseConv2d`, also dilated ones, which tfjs refuses; and `identity` without its copy, which every tensor that a
 * gradient saves goes through. All other operators stay tfjs' own. Gradients of other operators are `@tensorflow/tfjs`'s to
 * register; call this after it is loaded, since the last one registered holds.
 */
export async function registerTrainingKernels(level?: SimdLevel): Promise<void> {
  const heap = await openHeap(level);
  for (const { name, depthwise, other, shape, run } of gradientKernels)
    replace(name, ({ inputs, attrs, backend }) => {
      const [dy, given] = [inputs.dy!, inputs[other]!];
      const wanted = attrs[shape] as number[];
      const [x, filter] = other === "x" ? [given.shape, wanted] : [wanted, given.shape];
      const geometry = geometryOf(x, filter, attrs as unknown as ConvAttributes, depthwise);
      const made = backend.makeOutput(wanted, "float32");
      run(heap, geometry, heap.address(given), heap.address(dy), heap.address(made));
      return made;
    });
  replace("Identity", ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs.x!;
    backend.incRef(dataId);
    return { dataId, shape, dtype };
  });
  for (const name of ["Conv2D", "DepthwiseConv2dNative"])
    registerGradient({
      kernelName: name,
      inputsToSave: ["x", "filter"],
      gradFunc(dy, [x, filter], attrs) {
        refuseElsewhere(name, attrs);
        const gradient = (end: string, inputs: Readonly<Record<string, Tensor>>, wanted: NamedAttrMap) =>
          engine().runKernel(`${name}Backprop${end}`, inputs, { ...attrs, ...wanted }) as Tensor;
        const given = dy as Tensor;
        return {
          x: () => gradient("Input", { dy: given, filter: filter! }, { inputShape: x!.shape }),
          filter: () => gradient("Filter", { x: x!, dy: given }, { filterShape: filter!.shape }),
        };
      },
    });
}

/** Other backends' kernels would pass over the dilation without a word. */
function refuseElsewhere(name: string, attrs: NamedAttrMap): void {
  const { dilations = 1 } = attrs as unknown as ConvAttributes;
  if (getBackend() !== "wasm" && [dilations].flat().some((d) => d !== 1))
    throw new Error(`the gradient of a dilated ${name} is for the wasm backend, not ${getBackend()}`);
}

interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
  readonly attrs: NamedAttrMap;
  readonly backend: BackendWasm;
}

/** Register a kernel of the wasm backend, in place of tfjs' own if there is one. */
function replace(kernelName: string, run: (call: KernelCall) => TensorInfo): void {
  if (getKernel(kernelName, "wasm") !== undefined) unregisterKernel(kernelName, "wasm");
  registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) =>
      run({ inputs, attrs: attrs ?? {}, backend: backend as BackendWasm }),
  });
}
