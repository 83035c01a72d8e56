import type { Applied, Call, Operator } from "../operator.js";
import { zeros } from "../tensor.js";

/** Mean over all positions. */
export const globalPool: Operator<"globalPool"> = (_, call) => {
  const [, h, w] = call.inputs[0]!.shape;
  return windowMeans(call, h, w, 1);
};

/** Mean over kernel × kernel windows. */
export const avgPool: Operator<"avgPool"> = ({ kernel, stride }, call) =>
  windowMeans(call, kernel, kernel, stride);

function windowMeans({ inputs: [x], shape }: Call, height: number, width: number, stride: number): Applied {
  const [c, h, w] = x!.shape;
  const [, yHeight, yWidth] = shape;
  const value = zeros(x!.count, shape);
  const each = (visit: (xAt: number, yAt: number) => void) =>
    value.data.forEach((_, yAt) => {
      const channel = yAt % c;
      const column = (Math.floor(yAt / c) % yWidth) * stride;
      const row = (Math.floor(yAt / c / yWidth) % yHeight) * stride;
      const example = Math.floor(yAt / c / yWidth / yHeight);
      for (let i = row; i < row + height; i++)
        for (let j = column; j < column + width; j++) visit(((example * h + i) * w + j) * c + channel, yAt);
    });
  each((xAt, yAt) => (value.data[yAt]! += x!.data[xAt]! / (height * width)));
  return {
    value,
    back(dy) {
      const dx = zeros(x!.count, x!.shape);
      each((xAt, yAt) => (dx.data[xAt]! += dy.data[yAt]! / (height * width)));
      return { inputs: [dx], weights: {} };
    },
  };
}
