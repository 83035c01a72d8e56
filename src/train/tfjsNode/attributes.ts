/** Every setting that our operators have; `shareWithThreads` makes them known before there are threads. */
export const attributeNames = [
  "N",
  "T",
  "adj_x",
  "adj_y",
  "data_format",
  "dilations",
  "epsilon",
  "explicit_paddings",
  "exponential_avg_factor",
  "is_training",
  "keep_dims",
  "ksize",
  "num_split",
  "padding",
  "strides",
] as const;

type Name = (typeof attributeNames)[number];

/** A named setting of an operator, its type as TensorFlow's C interface numbers them (TF_AttrType). */
export interface Attribute {
  readonly name: Name;
  readonly type: number;
  readonly value: string | number | boolean | readonly number[];
}

export const text = (name: Name, value: string): Attribute => ({ name, type: 0, value });
export const whole = (name: Name, value: number | readonly number[]): Attribute => ({
  name,
  type: 1,
  value,
});
export const real = (name: Name, value: number): Attribute => ({ name, type: 2, value });
export const flag = (name: Name, value: boolean): Attribute => ({ name, type: 3, value });
/** Only where operators take a list of tensors: elsewhere TensorFlow sees the type for itself. */
export const float32 = (name: Name): Attribute => ({ name, type: 4, value: 1 });
