export { casvit_m, casvit_s, casvit_t, casvit_xs } from "./casvit.js";
export { efficientmod_s, efficientmod_xs, efficientmod_xxs } from "./efficientmod.js";
export { efficientnet_b0, efficientnet_b1, efficientnet_b2 } from "./efficientnet.js";
export { fastvit_s12, fastvit_sa12, fastvit_sa24, fastvit_t8, fastvit_t12 } from "./fastvit.js";
export { fbnet_a, fbnet_b, fbnet_c, fbnet_c_timm } from "./fbnet.js";
export { mcunet_in0, mcunet_in1, mcunet_in2, mcunet_in3, mcunet_in4, mcunet_mbv2_w035 } from "./mcunet.js";
export { mnasnet_a1, mnasnet_b1 } from "./mnasnet.js";
export { moat0, tiny_moat0, tiny_moat1, tiny_moat2, tiny_moat3 } from "./moat.js";
export { mobiledet_cpu, mobiledet_dsp, mobiledet_edgetpu } from "./mobiledet.js";
export {
  e2gc_mobilenetv1_G2,
  e2gc_mobilenetv1_G4,
  e2gc_mobilenetv1_G8,
  e2gc_mobilenetv1_G16,
  e2gc_mobilenetv1_G32,
  mobilenet_v1,
} from "./mobilenetV1.js";
export { mobilenet_v2_x1_0, mobilenet_v2_x1_4 } from "./mobilenetV2.js";
export { mobilenet_v3_large, mobilenet_v3_large_0_75, mobilenet_v3_small } from "./mobilenetV3.js";
export { mobilenetv4_conv_medium, mobilenetv4_conv_small } from "./mobilenetV4.js";
export {
  mobileone_s0,
  mobileone_s0_train,
  mobileone_s1,
  mobileone_s1_train,
  mobileone_s2,
  mobileone_s2_train,
  mobileone_s3,
  mobileone_s3_train,
  mobileone_s4,
  mobileone_s4_train,
} from "./mobileone.js";
export { mobilevig_b, mobilevig_m, mobilevig_s, mobilevig_ti } from "./mobilevig.js";
export {
  ofa_flops_389m_79_1_ft_75,
  ofa_flops_482m_79_6_ft_75,
  ofa_flops_595m_80_0_ft_75,
  ofa_note10_lat_16ms_75_5_ft_25,
  ofa_note10_lat_41ms_79_3_ft_75,
  ofa_pixel1_lat_28ms_73_3_ft_25,
} from "./ofa.js";
export { proxyless_cpu, proxyless_gpu, proxyless_mobile, proxyless_mobile_14 } from "./proxyless.js";
export { rapidnet_b, rapidnet_m, rapidnet_s, rapidnet_ti } from "./rapidnet.js";
export { repvit_m0_9, repvit_m1_0, repvit_m1_1, repvit_m1_5, repvit_m2_3 } from "./repvit.js";
export { single_path_nas } from "./singlePathNas.js";
export { skipblocknet_0_75, skipblocknet_1_0 } from "./skipblocknet.js";
export { starnet_s1, starnet_s2, starnet_s3, starnet_s4 } from "./starnet.js";
