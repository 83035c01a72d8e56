/** A space whose networks train in a moment, as a user writes it. */
export const smallSpace = `version: 1
name: small
resolution: 32
classes: 10
act: relu
stem: [{ width: 8, kernel: 3, stride: 2 }]
stages: [{ name: a, stride: 2, depth: [1, 2], width: [8, 16], blocks: [{ convolution: { kernel: [3, 5] } }] }]
head: { width: 32, order: pool-conv }
proxy: { dropStrides: 0, width: 1 }
`;
