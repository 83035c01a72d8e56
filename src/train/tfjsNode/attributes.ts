/** A named setting of an operator, its type as TensorFlow's C interface numbers them (TF_AttrType). */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean | readonly number[];
}

export const text = (name: string, value: string): Attribute => ({ name, type: 0, value });
export const whole = (name: string, value: number | readonly number[]): Attribute => ({
  name,
  type: 1,
  value,
});
export const real = (name: string, value: number): Attribute => ({ name, type: 2, value });
export const flag = (name: string, value: boolean): Attribute => ({ name, type: 3, value });
/** Only where operators take a list of tensors: elsewhere TensorFlow sees the type for itself. */
export const float32 = (name: string): Attribute => ({ name, type: 4, value: 1 });
