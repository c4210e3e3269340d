import type { Page } from 'playwright-core';
import { ConsoleWorld, complaints, expectSound } from './console-world.ts';

/** Names the step of the guide in what goes wrong there. */
async function step(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** A user as JumpCloud pushes it. */
const ada = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'Test' },
  emails: [{ value: 'ada@pushed.test', primary: true }],
  active: true,
};

interface MemberSeen {
  readonly fields: Readonly<Record<string, string>>;
}

/** The steps of the administrators' guide, numbered as there; the simulator and `push` play JumpCloud. */
describe('the guide to add JumpCloud', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await ConsoleWorld.open({ users: 30 });
  });
  afterAll(() => world.close());

  const membersOf = async (store: string) =>
    (await world.ask<{ items: MemberSeen[] }>('GET', `/members?store=${store}&limit=50`)).items;

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

  async function mapCountryToIndia(page: Page): Promise<void> {
    await button(page, 'Edit Country').click();
    await button(page, 'Hard-coded value').click();
    await page.getByRole('textbox', { name: 'Hard-coded value' }).fill('India');
    await button(page, 'OK').click();
    await page.getByText('“India”').waitFor();
  }

  async function choosePreferences(page: Page): Promise<void> {
    await page.getByRole('heading', { name: 'Status sync' }).waitFor();
    await page.getByLabel('When a person is deleted, the member').selectOption('becomes inactive');
    await page.getByLabel('Sync', { exact: true }).selectOption('Every day');
    await page.getByLabel('Time zone').fill('Asia/Kolkata');
    await page.getByText('Next syncs, Asia/Kolkata').waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(6);
  }

  it('using the API: from the key to members whose Country is India', async () => {
    await world.withPage(async (page) => {
      const wrong = complaints(page);
      const idInAddress = () => new URL(page.url()).pathname.split('/')[2] ?? '';

      await step('step 1: sign in', async () => {
        await page.goto('/');
        await world.signIn(page, 'admin');
      });

      await step('step 2: go to Directory stores and click Add directory', async () => {
        await page.getByRole('link', { name: 'Directory stores' }).click();
        await page.getByRole('link', { name: 'Add directory' }).first().click();
        await page.getByRole('heading', { name: 'Add a directory' }).waitFor();
        await expectSound(page, 'gallery');
      });

      await step('step 3: click Add next to JumpCloud', async () => {
        await page.getByRole('link', { name: 'Add JumpCloud, by API' }).click();
        await page.getByRole('heading', { name: 'API integration' }).waitFor();
      });

      await step('step 4: paste the API key, which is checked', async () => {
        await page.getByLabel('Name of the store').fill('Tamarind HQ');
        await page.getByLabel('API key', { exact: true }).last().fill('no-such-key-no-such-key');
        await button(page, 'Check').click();
        await page.getByText('answered 401').first().waitFor();
        await expectSound(page, 'connect-refused');
        await page.getByLabel('API key', { exact: true }).last().fill(world.simulator.apiKey);
        await button(page, 'Check').click();
        await page.getByText(`Found ${world.simulator.people.organization.name}`).waitFor();
      });

      await step('step 5: click Next, which adds the store without a schedule', async () => {
        await button(page, 'Next: Map fields').click();
        await page.getByRole('heading', { name: 'Where each field comes from' }).waitFor();
        const store = await world.ask<{ schedule: unknown }>('GET', `/stores/${idInAddress()}`);
        expect(store.schedule).toBeNull();
      });

      await step(
        'step 6: the fields are mapped to JumpCloud’s, with what a real person would have',
        async () => {
          const { ids } = world.simulator.people;
          const first = world.simulator.people.get(ids[0] ?? '');
          await page.getByText(first.email).first().waitFor();
        },
      );

      await step('step 7: map Country to the hard-coded value India', async () => {
        await mapCountryToIndia(page);
        await page.getByRole('complementary').getByText('India').waitFor();
      });

      await step(
        'step 8: map a field to a custom attribute, and keep it by leaving and coming back',
        async () => {
          await button(page, 'Edit Cost center').click();
          await button(page, 'Custom attribute').click();
          await page
            .getByRole('combobox', { name: 'Custom JumpCloud attribute' })
            .fill('shirtSize');
          await page.keyboard.press('Escape');
          await expectSound(page, 'mapping-open');
          await button(page, 'OK').click();
          await page.getByRole('link', { name: 'Overview' }).first().click();
          await page.getByRole('link', { name: 'Directory stores' }).click();
          await page.getByRole('link', { name: 'Tamarind HQ' }).click();
          await page.getByRole('link', { name: 'Go on with the set-up' }).click();
          await page.getByText('“India”').waitFor();
        },
      );

      await step('step 9: click Next, which saves the mapping', async () => {
        await button(page, 'Next: Settings').click();
        await page.getByRole('heading', { name: 'Status sync' }).waitFor();
        const { mapping } = await world.ask<{ mapping: Record<string, unknown> }>(
          'GET',
          `/stores/${idInAddress()}/configuration`,
        );
        expect(mapping).toMatchObject({
          country: { value: 'India' },
          costCenter: { custom: 'shirtSize' },
        });
      });

      await step('step 10: choose status sync, criteria and schedule', async () => {
        await choosePreferences(page);
        await button(page, 'Those that match').click();
        await page.getByRole('combobox', { name: 'Name' }).fill('email');
        await page.keyboard.press('Escape');
        await page.getByLabel('Compared').selectOption('contains');
        await page.getByLabel('Value', { exact: true }).fill('@');
        await button(page, 'Count them').click();
        await page.getByText('of 30 people would be synced').waitFor();
        await expectSound(page, 'settings');
      });

      await step(
        'step 11: save, preview and sync: the Country of each member is India',
        async () => {
          await button(page, 'Next: Preview and sync').click();
          await button(page, 'Preview').click();
          await page.getByText(/created of 30 people listed/).waitFor();
          await expectSound(page, 'preview');
          const id = idInAddress();
          await button(page, 'Sync now').click();
          await page.getByText('Succeeded').first().waitFor();
          const members = await membersOf(id);
          expect(members.length).toBeGreaterThan(20);
          expect(new Set(members.map(({ fields }) => fields['country']))).toEqual(
            new Set(['India']),
          );
          expect(wrong).toEqual([]);
        },
      );
    });
  });

  it('using SCIM: from the endpoint and token to the first people pushed', async () => {
    await world.withSession(
      '/stores',
      async (page) => {
        const wrong = complaints(page);
        let access = { endpoint: '', token: '' };
        await step('Rollcall, steps 2 and 3: add JumpCloud', async () => {
          await page.getByRole('link', { name: 'Add directory' }).first().click();
          await page.getByRole('link', { name: 'Add JumpCloud, over SCIM' }).click();
        });
        await step('Rollcall, steps 4 and 5: note down endpoint and token', async () => {
          await page.getByLabel('Name of the store').fill('Pushed');
          await button(page, 'Make endpoint and token').click();
          access = {
            endpoint: await page.getByLabel('Sync endpoint').inputValue(),
            token: await page.getByLabel('SCIM token').inputValue(),
          };
          await expectSound(page, 'scim-token');
          await page.getByLabel('I have stored it').check();
          await button(page, 'Next: Map fields').click();
        });
        await step('Rollcall, steps 6 and 7: map Country to India', async () => {
          await mapCountryToIndia(page);
          await button(page, 'Next: Settings').click();
        });
        await step('Rollcall, steps 8 and 9: choose the settings and save', async () => {
          await choosePreferences(page);
          await button(page, 'Next: Push from the directory').click();
          await page.getByText('Waiting for the first push').waitFor();
          await expectSound(page, 'waiting');
        });
        await step('JumpCloud, steps 9 to 14: a user of a chosen group is pushed', async () => {
          const answer = await fetch(
            `${world.served.address}${new URL(access.endpoint).pathname}/Users`,
            {
              method: 'POST',
              headers: {
                authorization: `Bearer ${access.token}`,
                'content-type': 'application/scim+json',
              },
              body: JSON.stringify(ada),
            },
          );
          expect(answer.status).toBe(201);
        });
        await step('JumpCloud, step 15: see who came under Members', async () => {
          await page.getByText('The first people have come.').waitFor();
          await page.getByRole('link', { name: 'See the members' }).click();
          await page.getByRole('link', { name: 'ada@pushed.test' }).click();
          await page.getByText('India').first().waitFor();
        });
        expect(wrong).toEqual([]);
      },
      { role: 'admin' },
    );
  });
});
