/** Owns the objects that lanes wait on, and the jobs of executors; both may be shared across processes by a key. */
import type { ObjectKind, Outcome } from './format';
import type { HoldTable } from './spanTables';
import type { Job, SharedObject, Site } from './model';
import type { SiteTable } from './siteTable';
import { KeyMap } from './numberMaps';

const OBJECT_WORDS: Readonly<Record<ObjectKind, string>> = {
  lock: 'lock',
  rlock: 'lock',
  condition: 'condition',
  event: 'event',
  semaphore: 'semaphore',
  barrier: 'barrier',
  queue: 'queue',
  pipe: 'pipe',
  pool: 'pool',
  future: 'future',
  port: 'port',
  loop: 'event loop',
};

class ObjectRow implements SharedObject {
  readonly id: number;
  kind: ObjectKind = 'lock';
  givenName: string | null = null;
  siteRow = -1;
  level: number | null = null;
  private readonly sites: SiteTable;
  private readonly holds: HoldTable;

  constructor(id: number, sites: SiteTable, holds: HoldTable) {
    this.id = id;
    this.sites = sites;
    this.holds = holds;
  }

  get site(): Site | null {
    return this.sites.get(this.siteRow);
  }

  get owner(): number | null {
    return this.holds.owner(this.id);
  }

  get name(): string {
    if (this.givenName) return this.givenName;
    const { site } = this;
    const word = OBJECT_WORDS[this.kind];
    if (!site) return word;
    return `${word[0]!.toUpperCase()}${word.slice(1)} at ${site.file.slice(site.file.search(/[^/\\]*$/))}:${site.line}`;
  }
}

export class ObjectTable {
  readonly rows: ObjectRow[] = [];
  private readonly byKey = new KeyMap<ObjectRow>();
  private readonly sites: SiteTable;
  private readonly holds: HoldTable;

  constructor(sites: SiteTable, holds: HoldTable) {
    this.sites = sites;
    this.holds = holds;
  }

  add(): ObjectRow {
    const row = new ObjectRow(this.rows.length, this.sites, this.holds);
    this.rows.push(row);
    return row;
  }

  shared(high: number, low: number): ObjectRow {
    let row = this.byKey.get(high, low);
    if (!row) this.byKey.set(high, low, (row = this.add()));
    return row;
  }

  /** `lock results_lock`, `queue jobs`: the kind in a word, unless the name says it already. */
  label(id: number): string {
    const row = this.rows[id];
    if (!row) return 'something';
    const word = OBJECT_WORDS[row.kind];
    const { givenName } = row;
    // A tracer calls what has no name after the place it was made at: `Lock at notes.py:12`.
    const saysKind = !givenName || givenName.startsWith(word) || /^\w+ at .*:\d+$/.test(givenName);
    return saysKind ? row.name : `${word} ${givenName}`;
  }
}

export class JobRow implements Job {
  readonly id: number;
  name = 'job';
  submittedBy: number | null = null;
  submittedNs: number | null = null;
  submitSiteRow = -1;
  lane: number | null = null;
  startNs: number | null = null;
  endNs: number | null = null;
  outcome: Outcome = 'waiting';
  detail: string | null = null;
  pool: number | null = null;
  handedOff = false;
  private readonly sites: SiteTable;

  constructor(id: number, sites: SiteTable) {
    this.id = id;
    this.sites = sites;
  }

  get submitSite(): Site | null {
    return this.sites.get(this.submitSiteRow);
  }
}

export class JobTable {
  readonly rows: JobRow[] = [];
  private readonly byKey = new KeyMap<JobRow>();
  private readonly sites: SiteTable;

  constructor(sites: SiteTable) {
    this.sites = sites;
  }

  add(): JobRow {
    const row = new JobRow(this.rows.length, this.sites);
    this.rows.push(row);
    return row;
  }

  /** From now on the key means this job, unless it means one already. */
  share(high: number, low: number, job: JobRow): void {
    if (!this.byKey.get(high, low)) this.byKey.set(high, low, job);
  }

  shared(high: number, low: number): JobRow {
    let row = this.byKey.get(high, low);
    if (!row) this.byKey.set(high, low, (row = this.add()));
    return row;
  }
}
