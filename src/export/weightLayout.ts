/** A convolution's kernel from our [k, k, in, out] to [out, in, k, k]; `area` is k². */
export function oihw(kernel: Float32Array, area: number, channelsIn: number, out: number): Float32Array {
  const turned = new Float32Array(kernel.length);
  let to = 0;
  for (let o = 0; o < out; o++)
    for (let i = 0; i < channelsIn; i++)
      for (let at = 0; at < area; at++) turned[to++] = kernel[(at * channelsIn + i) * out + o]!;
  return turned;
}

/** A convolution's kernel from our [k, k, in, out] to [out, k, k, in]; `area` is k². */
export function ohwi(kernel: Float32Array, area: number, channelsIn: number, out: number): Float32Array {
  const turned = new Float32Array(kernel.length);
  const each = area * channelsIn;
  for (let o = 0; o < out; o++) for (let i = 0; i < each; i++) turned[o * each + i] = kernel[i * out + o]!;
  return turned;
}
