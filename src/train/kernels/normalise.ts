// Batch normalisation by channel, once the sums over all rows are known.

/**
 * The affine map that normalises: factor = gamma / √(variance + epsilon), shift = beta - mean·factor.
 * sums [2, stride] float64 about the pivot, of `count` rows. gamma, beta [channels]. Written with zeros from `channels`
 * to `stride`: factor, shift, mean, deviation [stride], where deviation holds 1 / √(variance + epsilon).
 * `variance` [stride] takes the biased variance.
 */
export function normaliseForward(
  sums: usize, count: f64, pivot: usize, gamma: usize, beta: usize, channels: i32, stride: i32, epsilon: f64,
  factor: usize, shift: usize, mean: usize, deviation: usize, variance: usize,
): void {
  for (let c = 0; c < stride; c++) {
    const at = <usize>c << 2;
    if (c >= channels) {
      store<f32>(factor + at, 0);
      store<f32>(shift + at, 0);
      store<f32>(mean + at, 0);
      store<f32>(deviation + at, 0);
      store<f32>(variance + at, 0);
      continue;
    }
    const offset = load<f64>(sums + (<usize>c << 3)) / count;
    const mu = <f64>load<f32>(pivot + at) + offset;
    const square = load<f64>(sums + (<usize>(stride + c) << 3)) / count;
    const v = max<f64>(0, square - offset * offset);
    const inverse = 1 / sqrt<f64>(v + epsilon);
    const f = <f64>load<f32>(gamma + at) * inverse;
    store<f32>(factor + at, <f32>f);
    store<f32>(shift + at, <f32>(<f64>load<f32>(beta + at) - mu * f));
    store<f32>(mean + at, <f32>mu);
    store<f32>(deviation + at, <f32>inverse);
    store<f32>(variance + at, <f32>v);
  }
}

/**
 * The gradients of gamma and beta, and the three coefficients that `settleRows` takes.
 * sums [2, stride] float64 of `count` rows: Σ g, Σ g·(x - mean). dGamma, dBeta, gamma [channels]; mean, deviation [stride];
 * slope [3, stride], zeros from `channels` on.
 */
export function normaliseGradient(
  sums: usize, count: f64, gamma: usize, mean: usize, deviation: usize, channels: i32, stride: i32,
  dGamma: usize, dBeta: usize, slope: usize,
): void {
  const perX = slope + (<usize>stride << 2);
  const constant = perX + (<usize>stride << 2);
  for (let c = 0; c < stride; c++) {
    const at = <usize>c << 2;
    if (c >= channels) {
      store<f32>(slope + at, 0);
      store<f32>(perX + at, 0);
      store<f32>(constant + at, 0);
      continue;
    }
    const inverse = <f64>load<f32>(deviation + at);
    const total = load<f64>(sums + (<usize>c << 3));
    const weighted = load<f64>(sums + (<usize>(stride + c) << 3)) * inverse;
    store<f32>(dGamma + at, <f32>weighted);
    store<f32>(dBeta + at, <f32>total);
    const a = <f64>load<f32>(gamma + at) * inverse;
    const b = (-a * weighted * inverse) / count;
    store<f32>(slope + at, <f32>a);
    store<f32>(perX + at, <f32>b);
    store<f32>(constant + at, <f32>((-a * total) / count - b * <f64>load<f32>(mean + at)));
  }
}

/** running = 0.9·running + 0.1·batch, for the mean and the unbiased variance. All [channels]. */
export function updateRunning(
  mean: usize, variance: usize, count: f64, runningMean: usize, runningVariance: usize, channels: i32,
): void {
  const unbias = count > 1 ? count / (count - 1) : 1;
  for (let c = 0; c < channels; c++) {
    const at = <usize>c << 2;
    store<f32>(runningMean + at, <f32>(0.9 * <f64>load<f32>(runningMean + at) + 0.1 * <f64>load<f32>(mean + at)));
    const v = <f64>load<f32>(variance + at) * unbias;
    store<f32>(runningVariance + at, <f32>(0.9 * <f64>load<f32>(runningVariance + at) + 0.1 * v));
  }
}

/** The affine map that normalises by running statistics. All [channels] but factor and shift [stride], zero-filled. */
export function normaliseInference(
  gamma: usize, beta: usize, runningMean: usize, runningVariance: usize, channels: i32, stride: i32, epsilon: f64,
  factor: usize, shift: usize,
): void {
  for (let c = 0; c < stride; c++) {
    const at = <usize>c << 2;
    const inside = c < channels;
    const f = inside ? <f64>load<f32>(gamma + at) / sqrt<f64>(<f64>load<f32>(runningVariance + at) + epsilon) : 0;
    store<f32>(factor + at, <f32>f);
    store<f32>(shift + at, inside ? <f32>(<f64>load<f32>(beta + at) - <f64>load<f32>(runningMean + at) * f) : 0);
  }
}
