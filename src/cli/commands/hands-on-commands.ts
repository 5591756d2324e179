import type { Command } from 'commander';
import type { Call } from './call.ts';
import { UsageError } from '../exit-codes.ts';
import type { HandsOnOptions } from '../hands-on/request.ts';
import { whole } from '../options/values.ts';
import { GROUPS } from './root-command.ts';
import { labOption, playOptions, seatOptions, workshopOptions } from '../options/run-options.ts';
import type { GamedayOptions } from '../verbs/gameday.ts';
import type { SeatsOptions } from '../verbs/seats.ts';
import type { WorkshopOptions } from '../verbs/workshop.ts';

/** Commands of a person, or of a program in a person's place, in a lab that stands. */
export function addHandsOn(program: Command, { argv, io, context, done }: Call): void {
  // `shell` passes a command on with the options of its own.
  program.enablePositionalOptions();
  const workshop = program
    .command('workshop [lesson]')
    .helpGroup(GROUPS.learn)
    .summary('lessons: find and fix what is broken in a lab')
    .description('find and fix what is broken in a lab, with hints and a check; without a lesson, list them')
    .action(async (lesson: string | undefined, options: WorkshopOptions & SeatsOptions) => {
      const { workshopList, workshopVerb } = await import('../verbs/workshop.ts');
      const { seats, listen, anew } = options;
      if (seats === undefined && (listen !== undefined || anew))
        throw new UsageError(
          '--listen and --anew are of --seats: `tablefull workshop full-table --seats 20`',
        );
      if (seats !== undefined && lesson === undefined)
        throw new UsageError('--seats wants a lesson: `tablefull workshop full-table --seats 20`');
      if (lesson === undefined) done(workshopList(await context()));
      else if (seats === undefined) done(await workshopVerb(lesson, options, argv, await context()));
      else {
        const { seatsVerb } = await import('../verbs/seats.ts');
        done(await seatsVerb(lesson, options, argv, await context()));
      }
    });
  for (const option of [...labOption(), ...workshopOptions(), ...seatOptions()]) workshop.addOption(option);
  const gameday = program
    .command('gameday')
    .helpGroup(GROUPS.learn)
    .summary('a failure that nobody names, and a clock')
    .description('a failure that nobody names, and a clock: find it, mitigate it, cure it')
    .option('--json', 'requests on stdin and answers on stdout, a JSON object a line', false)
    .action(async (options: GamedayOptions) => {
      const { gamedayVerb } = await import('../verbs/gameday.ts');
      done(await gamedayVerb(options, argv, await context()));
    });
  for (const option of workshopOptions()) gameday.addOption(option);
  program
    .command('shell [place] [command...]')
    .helpGroup(GROUPS.learn)
    .summary('a shell in a node or a pod of a running lab')
    .description('open a shell in a node or a pod of a running lab, or run one command there')
    .option('--lab <number>', 'which lab, where several run; without it they are listed', whole(1))
    .passThroughOptions()
    .action(async (place: string | undefined, command: string[], options: { lab?: number }) => {
      const { shellVerb } = await import('../verbs/shell.ts');
      done(await shellVerb(place, command, options, io));
    });
}

/** Adds `lab play`. @param lab the command `lab` */
export function addPlay(lab: Command, { argv, context, done }: Call): void {
  const play = lab
    .command('play <scenario>')
    .summary('a lab in which you act')
    .description(
      'a lab with the fault in place, in which you act: offer the demand, apply remedies, open shells',
    )
    .action(async (scenario: string, options: HandsOnOptions) => {
      const { labPlayVerb } = await import('../verbs/lab-play.ts');
      done(await labPlayVerb(scenario, options, argv, await context()));
    });
  for (const option of playOptions()) play.addOption(option);
}
