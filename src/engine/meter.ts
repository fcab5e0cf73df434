/**
 * How much of the replicas' time one meter counts: used, and paid after minimum and rounding up over its scope.
 * Prices are elsewhere. A reading before a life's end rounds it as if it ended then.
 */
import { US_PER_MIN } from '../base/units.ts';
import { ExactSum } from './exact-sum.ts';
import { BUSY, DRAINING, type Replicas, STARTING } from './replicas.ts';
import type { MeterRule } from './scenario.ts';
import type { MeterReading } from './totals.ts';

/** What a replica has paid by calendar minute so far, and what its last minute holds. */
interface MinuteAccount {
  minute: number;
  usedUs: number;
  paidUs: number;
}

export class Meter {
  /** Whether busy and idle times must be told apart, replica by replica: only one of the two is paid. */
  readonly followsStates: boolean;
  private readonly rule: MeterRule;
  private readonly replicas: Replicas;
  private readonly usedUs = new ExactSum();
  private readonly paidUs = new ExactSum();
  private readonly minutes = new Map<number, MinuteAccount>();

  constructor(rule: MeterRule, replicas: Replicas) {
    this.rule = rule;
    this.replicas = replicas;
    this.followsStates = rule.scope !== 'request' && rule.idle !== rule.busy;
  }

  /** A request has left its slot after so long. */
  request(serviceUs: number): void {
    if (this.rule.scope !== 'request') return;
    this.usedUs.add(serviceUs);
    this.paidUs.add(this.rounded(serviceUs));
  }

  /** A replica was busy, or idle, in [fromUs, toUs); only asked for where `followsStates`. */
  state(replica: number, isBusy: boolean, fromUs: number, toUs: number): void {
    if (isBusy !== this.rule.busy || this.rule.scope !== 'minute') return;
    let account = this.minutes.get(replica);
    if (account === undefined) {
      account = this.startAccount(replica, fromUs);
      this.minutes.set(replica, account);
    }
    this.fill(account, fromUs, toUs);
  }

  /** A replica left. */
  life(replica: number, nowUs: number): void {
    if (this.rule.scope === 'request') return;
    this.usedUs.add(this.usedBy(replica, nowUs));
    this.paidUs.add(this.paidBy(replica, nowUs));
    this.minutes.delete(replica);
  }

  /** Beside a floor that is paid by count, lives that go on are not rounded: the floor may grow over any of them. */
  reading(nowUs: number): MeterReading {
    let usedUs = this.usedUs.value();
    let paidUs = this.paidUs.value();
    if (this.rule.scope !== 'request') {
      const rounds = this.rule.roundsAtEnd !== true;
      for (let replica = 0; replica < this.replicas.end; replica++) {
        if (!this.replicas.isAlive(replica)) continue;
        const used = this.usedBy(replica, nowUs);
        usedUs += BigInt(used);
        paidUs += BigInt(rounds ? this.paidBy(replica, nowUs) : used);
      }
    }
    return { usedUs, paidUs };
  }

  /** No use and no minimum yet. */
  private isUnpaid(replica: number): boolean {
    return this.rule.paysOnceReady === true && this.replicas.state[replica] === STARTING;
  }

  /** Up to the next whole quantum, and to the minimum. */
  private rounded(usedUs: number): number {
    return Math.max(this.rule.minimumUs, this.wholeQuanta(usedUs));
  }

  private wholeQuanta(usedUs: number): number {
    const { quantumUs } = this.rule;
    return quantumUs > 1 ? Math.ceil(usedUs / quantumUs) * quantumUs : usedUs;
  }

  private usedBy(replica: number, nowUs: number): number {
    if (this.isUnpaid(replica)) return 0;
    const { replicas, rule } = this;
    let usedUs = 0;
    this.eachPaidPhase(replica, nowUs, (fromUs, toUs) => {
      usedUs += toUs - fromUs;
    });
    const state = replicas.state[replica];
    if (state === STARTING) return usedUs;
    const untilUs = state === DRAINING ? replicas.drainSinceUs[replica]! : nowUs;
    if (rule.draining) usedUs += nowUs - untilUs;
    const readyUs = untilUs - replicas.readyUs[replica]!;
    if (rule.idle && rule.busy) return usedUs + readyUs;
    if (rule.busy) return usedUs + replicas.busyUpTo(replica, untilUs);
    return rule.idle ? usedUs + readyUs - replicas.busyUpTo(replica, untilUs) : usedUs;
  }

  private paidBy(replica: number, nowUs: number): number {
    if (this.isUnpaid(replica)) return 0;
    if (this.rule.scope !== 'minute') return this.rounded(this.usedBy(replica, nowUs));
    const { replicas, rule } = this;
    const known = this.minutes.get(replica);
    const account = known ? { ...known } : this.startAccount(replica, nowUs);
    const state = replicas.state[replica];
    if (state !== STARTING) {
      const isDraining = state === DRAINING;
      const untilUs = isDraining ? replicas.drainSinceUs[replica]! : nowUs;
      // Where states are followed, all but the state that lasts is in the account; a draining replica's last one too.
      if (rule.idle && rule.busy) this.fill(account, replicas.readyUs[replica]!, untilUs);
      else if (!isDraining && (state === BUSY ? rule.busy : rule.idle)) {
        this.fill(account, replicas.sinceUs[replica]!, untilUs);
      }
      if (isDraining && rule.draining) this.fill(account, untilUs, nowUs);
    }
    return Math.max(this.rule.minimumUs, account.paidUs + this.wholeQuanta(account.usedUs));
  }

  /** The account of a replica whose paid start phases lie before `nowUs`. */
  private startAccount(replica: number, nowUs: number): MinuteAccount {
    const account = { minute: 0, usedUs: 0, paidUs: 0 };
    this.eachPaidPhase(replica, nowUs, (fromUs, toUs) => this.fill(account, fromUs, toUs));
    return account;
  }

  private eachPaidPhase(
    replica: number,
    nowUs: number,
    visit: (fromUs: number, toUs: number) => void,
  ): void {
    const { phases } = this.rule;
    let fromUs = this.replicas.startUs[replica]!;
    for (let phase = 0; phase < phases.length; phase++) {
      const toUs = fromUs + this.replicas.phaseUs[replica * phases.length + phase]!;
      if (phases[phase] && fromUs < nowUs) visit(fromUs, Math.min(toUs, nowUs));
      fromUs = toUs;
    }
  }

  /** Adds a stretch of paid time, minute by minute of the wall clock; stretches come in order. */
  private fill(account: MinuteAccount, fromUs: number, toUs: number): void {
    let atUs = fromUs;
    while (atUs < toUs) {
      const minute = Math.floor((atUs + this.rule.minuteOffsetUs) / US_PER_MIN);
      if (minute !== account.minute) {
        account.paidUs += this.wholeQuanta(account.usedUs);
        account.usedUs = 0;
        account.minute = minute;
      }
      const minuteEndUs = (minute + 1) * US_PER_MIN - this.rule.minuteOffsetUs;
      const wholeMinutes = Math.floor((toUs - minuteEndUs) / US_PER_MIN);
      account.usedUs += Math.min(toUs, minuteEndUs) - atUs;
      atUs = Math.min(toUs, minuteEndUs);
      // The whole minutes in the middle are alike: no need to visit each.
      if (wholeMinutes > 1) {
        account.paidUs += this.wholeQuanta(account.usedUs);
        account.paidUs += (wholeMinutes - 1) * this.wholeQuanta(US_PER_MIN);
        account.usedUs = 0;
        account.minute = minute + wholeMinutes - 1;
        atUs += (wholeMinutes - 1) * US_PER_MIN;
      }
    }
  }
}
