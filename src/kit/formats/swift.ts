/** Measure.swift: times every model of a kit with Core ML and writes results.json. */
export const measure = String.raw`import CoreML
import Foundation

struct Manifest: Decodable {
  struct Model: Decodable { let id: String, file: String, kind: String, inputs: [[Int]] }
  let kit: String, target: String, dtype: String, models: [Model]
}

let units: [String: MLComputeUnits] = [
  "all": .all, "cpuAndNeuralEngine": .cpuAndNeuralEngine, "cpuAndGPU": .cpuAndGPU, "cpuOnly": .cpuOnly,
]

func deviceName() -> String {
  var name = utsname()
  uname(&name)
  return withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

func timesOf(_ file: URL, _ inputs: [[Int]], _ unit: MLComputeUnits, runs: Int = 100) throws -> [Double] {
  let configuration = MLModelConfiguration()
  configuration.computeUnits = unit
  let compiled = try MLModel.compileModel(at: file)
  defer { try? FileManager.default.removeItem(at: compiled) }
  let model = try MLModel(contentsOf: compiled, configuration: configuration)
  var given: [String: MLFeatureValue] = [:]
  for (i, shape) in inputs.enumerated() {
    let array = try MLMultiArray(shape: shape.map { NSNumber(value: $0) }, dataType: .float16)
    for j in 0..<array.count { array[j] = NSNumber(value: Float.random(in: -1...1)) }
    given[inputs.count == 1 ? "input" : "input\(i)"] = MLFeatureValue(multiArray: array)
  }
  let features = try MLDictionaryFeatureProvider(dictionary: given)
  for _ in 0..<10 { _ = try model.prediction(from: features) }
  return try (0..<runs).map { _ in
    let start = DispatchTime.now().uptimeNanoseconds
    _ = try model.prediction(from: features)
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
  }.sorted()
}

func quantile(_ sorted: [Double], _ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }

/// Times every model of the kit and writes results.json to the folder; says how far it is.
func measure(kit: URL, unit: String, to folder: URL, say: (String) -> Void) throws -> URL {
  let manifest = try JSONDecoder().decode(
    Manifest.self, from: Data(contentsOf: kit.appendingPathComponent("manifest.json")))
  let file = { (model: Manifest.Model) in kit.appendingPathComponent(model.file) }
  let reference = manifest.models.first { $0.kind == "network" } ?? manifest.models[0]
  let referenceMs = { try quantile(timesOf(file(reference), reference.inputs, units[unit]!, runs: 30), 0.5) }
  let atStart = try referenceMs()
  var drift = 1.0
  var results: [[String: Any]] = []
  for (i, model) in manifest.models.enumerated() {
    autoreleasepool {
      if i % 50 == 49, let now = try? referenceMs() { drift = now / atStart }
      do {
        let ms = try timesOf(file(model), model.inputs, units[unit]!)
        results.append([
          "id": model.id, "count": ms.count, "medianMs": quantile(ms, 0.5),
          "spreadMs": quantile(ms, 0.75) - quantile(ms, 0.25), "drift": drift,
        ])
      } catch { results.append(["id": model.id, "error": "\(error)"]) }
      say("\(i + 1) of \(manifest.models.count), \(model.id)")
    }
  }
  let process = ProcessInfo.processInfo
  let heat = ["nominal", "fair", "serious", "critical"][process.thermalState.rawValue]
  let all: [String: Any] = [
    "format": "nas-latency-results", "version": 1, "unit": "ms", "kit": manifest.kit,
    "target": manifest.target, "device": deviceName(), "soc": "not stated",
    "os": process.operatingSystemVersionString, "runtime": "Core ML, compute units \(unit)",
    "dtype": manifest.dtype, "threads": NSNull(),
    "measuredAt": ISO8601DateFormatter().string(from: Date()),
    "conditions": ["thermal state at the end": heat], "results": results,
  ]
  let out = folder.appendingPathComponent("results.json")
  let json = try JSONSerialization.data(withJSONObject: all, options: [.prettyPrinted, .sortedKeys])
  try json.write(to: out, options: .atomic)
  return out
}
`;

/** App.swift: the iPhone app round it. */
export const app = String.raw`import SwiftUI

@main struct KitApp: App {
  @State private var status = "Measuring"
  @State private var done: URL?
  var body: some Scene {
    WindowGroup {
      VStack {
        Text(status).padding()
        if let done { ShareLink("Share results.json", item: done) }
      }.task {
        let say = { (text: String) in DispatchQueue.main.async { status = text } }
        UIApplication.shared.isIdleTimerDisabled = true
        done = await Task.detached(priority: .userInitiated) { () -> URL? in
          do { return try measure(kit: Bundle.main.resourceURL!, unit: "all", to: .documentsDirectory, say: say) }
          catch { say("\(error)"); return nil }
        }.value
      }
    }
  }
}
`;

/** main.swift: a Mac's command line round it. */
export const main = `import Foundation

let words = CommandLine.arguments
guard words.count == 3, units[words[2]] != nil else {
  print("usage: measure KIT all|cpuAndNeuralEngine|cpuAndGPU|cpuOnly")
  exit(2)
}
let kit = URL(fileURLWithPath: words[1])
print(try measure(kit: kit, unit: words[2], to: kit) { print($0) }.path)
`;
