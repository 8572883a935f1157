/** A way for points to come in, ready to be pasted. */
export interface Snippet {
	readonly name: string;
	/** Where it is pasted. */
	readonly into: 'terminal' | 'sigmascope.yaml' | 'telegraf.conf';
	readonly text: string;
}

/**
 * What somebody tries first. Each is run or parsed by a test; everything else a source can do is in its README.
 *
 * @param origin of these pages: where points are sent to
 */
export function snippetsFor(origin: string): readonly Snippet[] {
	return [
		{ name: 'curl', into: 'terminal', text: curl(origin) },
		{ name: 'Telegraf', into: 'telegraf.conf', text: telegraf(origin) },
		{ name: 'MQTT', into: 'sigmascope.yaml', text: MQTT },
		{ name: 'OPC UA', into: 'sigmascope.yaml', text: OPCUA },
		{ name: 'Modbus', into: 'sigmascope.yaml', text: MODBUS },
		{ name: 'LLM', into: 'sigmascope.yaml', text: LLM },
	];
}

const curl = (origin: string) => `curl -X POST ${origin}/api/v1/points \\
  -H "Authorization: Bearer $SIGMASCOPE_KEY" -H "content-type: application/x-ndjson" \\
  --data '{"stream": "press-1/temperature", "v": 21.5, "unit": "°C"}'
`;

const telegraf = (origin: string) => `[[outputs.influxdb_v2]]
  urls = ["${origin}"]
  token = "$SIGMASCOPE_KEY"
  organization = ""
  bucket = ""
`;

const MQTT = `collectors:
  - name: broker
    type: mqtt
    url: mqtt://localhost:1883
    subscribe:
      - { topic: plant/+/+/temperature, format: json, value: $.value, stream: "{2}/{3}/temperature", unit: °C }
`;

const OPCUA = `collectors:
  - name: cell-7
    type: opcua
    url: opc.tcp://cell7:4840
    items:
      - { node: "nsu=urn:cell7;s=Spindle.Load", stream: cell-7/spindle-load, unit: "%", every: 1s }
`;

const MODBUS = `collectors:
  - name: press-plc
    type: modbus
    url: tcp://plc:502
    every: 500ms
    registers:
      - { table: holding, address: 100, type: float32, order: CDAB, stream: press-1/pressure, unit: bar }
`;

const LLM = `proxy:
  targets:
    openai: { url: https://api.openai.com, provider: openai }
collectors:
  - name: providers
    type: llm-probe
    every: 60s
    targets:
      - { provider: openai, model: gpt-4o, key: "\${OPENAI_API_KEY}" }
`;
