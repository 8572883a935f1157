import { join } from 'node:path';
import {
	DataType,
	MessageSecurityMode,
	OPCUACertificateManager,
	OPCUAServer,
	SecurityPolicy,
	StatusCodes,
	VariantArrayType,
	type Namespace,
	type NodeId,
	type StatusCode,
	type UAObject,
	type UAVariable,
} from 'node-opcua';
import { setErrorLogger, setWarningLogger } from 'node-opcua';
import { PLANT_URI } from './plant-uri.ts';

/**
 * A plant behind a real server, as a process that can be killed. Its orders come over IPC: `{set: {Steady: 5}}`,
 * `{status: {Steady: 'BadSensorFailure'}}`, `{drop: true}` ends all sessions.
 */
export interface PlantOptions {
	readonly port: number;
	/** Keeps its certificate over restarts. */
	readonly folder: string;
	/** How many other namespaces come before that of the plant. */
	readonly shift: number;
}
export interface PlantOrder {
	readonly set?: Readonly<Record<string, number | null>>;
	readonly status?: Readonly<Record<string, keyof typeof StatusCodes>>;
	readonly drop?: true;
}

/** Slower than the server samples, so that each number is told. */
const COUNT_EVERY_MS = 100;

setWarningLogger(() => {});
setErrorLogger(() => {});
const options = JSON.parse(process.argv[2] ?? '{}') as PlantOptions;
const certificates = (name: string) =>
	new OPCUACertificateManager({ rootFolder: join(options.folder, name), automaticallyAcceptUnknownCertificate: true });
const server = new OPCUAServer({
	port: options.port,
	host: '127.0.0.1',
	hostname: '127.0.0.1',
	serverInfo: { applicationUri: 'urn:sigmascope:plant' },
	serverCertificateManager: certificates('pki'),
	userCertificateManager: certificates('users'),
	securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
	securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes256_Sha256_RsaPss],
	allowAnonymous: true,
	userManager: { isValidUser: (user: string, password: string) => user === 'scope' && password === 'right' },
});
await server.initialize();
const { addressSpace } = server.engine;
if (!addressSpace) throw new Error('no address space');
for (let i = 0; i < options.shift; i++) addressSpace.registerNamespace(`urn:other:${i}`);
const namespace = addressSpace.registerNamespace(PLANT_URI);
const machine = namespace.addObject({ organizedBy: addressSpace.rootFolder.objects, browseName: 'Machine' });
const nodes = new Map<string, UAVariable>();

function variable(at: UAObject, name: string, dataType: DataType, value: unknown): UAVariable {
	const arrayType =
		(Array.isArray(value) || ArrayBuffer.isView(value)) && dataType !== DataType.UInt64
			? VariantArrayType.Array
			: VariantArrayType.Scalar;
	const id = at === machine ? name : `${at.browseName.name}.${name}`;
	const node = namespace.addVariable({
		componentOf: at,
		browseName: name,
		nodeId: `s=${id}`,
		dataType,
		valueRank: arrayType === VariantArrayType.Array ? 1 : -1,
		minimumSamplingInterval: 10,
	});
	node.setValueFromSource({ dataType, arrayType, value });
	nodes.set(id, node);
	return node;
}

function analog(space: Namespace, at: UAObject, name: string): void {
	const node = space.addAnalogDataItem({
		componentOf: at,
		browseName: name,
		nodeId: `s=${at.browseName.name}.${name}`,
		dataType: 'Double',
		engineeringUnitsRange: { low: 0, high: 100 },
		engineeringUnits: {
			namespaceUri: 'http://www.opcfoundation.org/UA/units/un/cefact',
			unitId: 4408652,
			displayName: '°C',
			description: 'degree Celsius',
		},
		minimumSamplingInterval: 10,
	});
	node.setValueFromSource({ dataType: DataType.Double, value: 20 });
	nodes.set(`${at.browseName.name}.${name}`, node);
}

variable(machine, 'Steady', DataType.Double, 5);
variable(machine, 'Whole', DataType.UInt64, [1, 2]);
variable(machine, 'Flag', DataType.Boolean, true);
variable(machine, 'Name', DataType.String, 'press');
variable(machine, 'Mode', DataType.LocalizedText, 'set-up');
variable(machine, 'Vector', DataType.Double, [1, 2, 3]);
/** A burst of 0.064 s, a new one each time: a sine of 250 Hz whose amplitude counts. */
const burst = variable(machine, 'Burst', DataType.Float, Float32Array.from(sineOf(1)));
const count = variable(machine, 'Count', DataType.UInt32, 0);
for (const zone of ['Zone1', 'Zone2']) {
	const object = namespace.addObject({ componentOf: machine, browseName: zone });
	analog(namespace, object, 'Temperature');
	variable(object, 'Pressure', DataType.Double, 3);
}
let counted = 0;
let bursts = 1;
setInterval(() => {
	const value = Float32Array.from(sineOf(++bursts));
	burst.setValueFromSource({ dataType: DataType.Float, arrayType: VariantArrayType.Array, value });
}, 4 * COUNT_EVERY_MS);

function sineOf(amplitude: number): number[] {
	return Array.from({ length: 256 }, (_, i) => amplitude * Math.sin((2 * Math.PI * i) / 16));
}

setInterval(() => count.setValueFromSource({ dataType: DataType.UInt32, value: ++counted }), COUNT_EVERY_MS);

process.on('message', ({ set = {}, status = {}, drop }: PlantOrder) => {
	for (const [name, value] of Object.entries(set))
		nodes
			.get(name)
			?.setValueFromSource(value === null ? { dataType: DataType.Null } : { dataType: DataType.Double, value });
	for (const [name, code] of Object.entries(status)) {
		const node = nodes.get(name);
		node?.setValueFromSource(node.readValue().value, StatusCodes[code] as StatusCode);
	}
	if (drop) for (const token of sessionTokens()) server.engine.closeSession(token, true, 'Terminated');
});
/** The library has no word for all of them. */
function sessionTokens(): readonly NodeId[] {
	const { _sessions } = server.engine as unknown as {
		readonly _sessions: Readonly<Record<string, { readonly authenticationToken: NodeId }>>;
	};
	return Object.values(_sessions).map(({ authenticationToken }) => authenticationToken);
}

process.on('disconnect', () => process.exit());
await server.start();
process.send?.({ port: server.endpoints[0]?.port });
