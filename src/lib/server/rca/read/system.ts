import type { Stream } from '#contracts/stream.ts';
import type { Store } from '../../store/port.ts';
import type { SystemSeries } from '../situation.ts';

/** The site of the product's own streams. */
export const OWN_SITE = 'sigmascope';
/** Own values come every ten seconds; in finer buckets nothing is to be seen. */
const LEAST_BUCKET_MICROS = 10_000_000;
/** Buckets that a window is cut into at most. */
const MOST_BUCKETS = 720;
const MOST_HOST_METRICS = 12;

const OF_COLLECTOR = /^(?:health\/)?collector\/(.+?)(?:\/[^/]+)?$/;
const HOST = /^(node|windows|system|process|host|container|kube|k8s|go|nodejs|jvm)[_./-]/i;
const RESOURCE =
	/(^|[/._-])(cpu|load1|load5|load15|loadavg|load_average|memory|mem|swap|iowait|disk|filesystem|network|event_?loop|eventloop|pressure)([/._-]|$)/i;
const HOST_LABELS = ['host', 'hostname', 'host_name', 'instance', 'nodename', 'pod', 'container'];

/** What a computer says of itself, as node_exporter, OpenTelemetry or a collector brings it: no measurement of a process. */
export function isHostMetric({ key, labels, kind }: Pick<Stream, 'key' | 'labels' | 'kind'>): boolean {
	if (kind !== 'machine' || !RESOURCE.test(key)) return false;
	const last = key.slice(key.lastIndexOf('/') + 1);
	return HOST.test(last) || HOST.test(key) || HOST_LABELS.some((name) => labels[name] !== undefined);
}

/**
 * How the product itself and the computers around the stream were at the time.
 *
 * Names of collectors are shown to their own site only; hub, journal and store are everybody's.
 */
export async function readSystem(
	ports: {
		readonly store: Pick<Store, 'sideBySide'>;
		readonly streamsOf: (site: string) => Promise<readonly Stream[]>;
		readonly collectorsOf: (site: string) => readonly string[];
	},
	{
		stream,
		window,
	}: { readonly stream: Stream; readonly window: { readonly fromMicros: number; readonly toMicros: number } },
): Promise<readonly SystemSeries[]> {
	if (stream.site === OWN_SITE) return [];
	const [own, ofSite] = await Promise.all([ports.streamsOf(OWN_SITE), ports.streamsOf(stream.site)]);
	const collectors = ports.collectorsOf(stream.site);
	const shown = own.filter(({ key }) => {
		const name = OF_COLLECTOR.exec(key)?.[1];
		return name === undefined || collectors.includes(name);
	});
	const hosts = ofSite.filter((one) => one.id !== stream.id && isHostMetric(one)).slice(0, MOST_HOST_METRICS);
	const chosen = [...shown, ...hosts];
	if (chosen.length === 0) return [];
	const { fromMicros, toMicros } = window;
	const bucketMicros = Math.max(LEAST_BUCKET_MICROS, Math.ceil((toMicros - fromMicros) / MOST_BUCKETS));
	const streamIds = chosen.map(({ id }) => id);
	const series = await ports.store.sideBySide({ streamIds, fromMicros, toMicros, bucketMicros });
	return chosen.flatMap((one) => {
		const values = series.get(one.id);
		return values ? [{ stream: one, series: values, isOwn: one.site === OWN_SITE }] : [];
	});
}
