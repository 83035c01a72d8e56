import assert from "node:assert/strict";
import { test } from "node:test";
import * as backbones from "../../scripts/backbones.js";
import { cost } from "../../src/graph/cost.js";

/** As torchvision counts them; EfficientNet-B4's and MNASNet's are of their own papers' code, too. */
const params: Readonly<Record<keyof typeof backbones, number>> = {
  densenet121: 7_978_856,
  efficientnet_b4: 19_341_616,
  efficientnet_v2_s: 21_458_488,
  googlenet: 6_624_904,
  mnasnet05: 2_218_512,
  regnet_x_3_2gf: 15_296_552,
  regnet_y_800mf: 6_432_512,
  resnet18: 11_689_512,
  resnet50: 25_557_032,
  resnet101: 44_549_160,
  resnext50: 25_028_904,
  resnext101: 88_791_336,
  squeezenet1_1: 1_235_496,
  wideresnet50: 68_883_240,
};

test("every backbone has the published params", () => {
  for (const [name, build] of Object.entries(backbones))
    assert.equal(cost(build()).params, params[name as keyof typeof backbones], name);
});
