import { ErrorResponse } from "argania";

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly isDone: boolean;
}

/** What a store writes down of a tenant. */
export interface TenantRecord {
  readonly slug: string;
  readonly name: string;
  /** How many tasks the tenant's plan has room for. */
  readonly maxTasks: number;
  readonly tasks?: readonly Task[];
}

/** Its message is for the client, as problem details with the code. */
export class PlanLimitError extends ErrorResponse {
  readonly code = "PLAN_LIMIT";
  readonly status = 409;
}

/** One customer, with its own data: nothing here can reach another tenant's. */
export class Tenant {
  readonly slug: string;
  readonly name: string;
  readonly maxTasks: number;
  readonly #tasks: Map<number, Task>;
  #nextId: number;

  constructor({ slug, name, maxTasks, tasks = [] }: TenantRecord) {
    this.slug = slug;
    this.name = name;
    this.maxTasks = maxTasks;
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
    this.#nextId = Math.max(0, ...this.#tasks.keys()) + 1;
  }

  get tasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  task(id: number): Task | undefined {
    return this.#tasks.get(id);
  }

  addTask(title: string): Task {
    if (this.#tasks.size >= this.maxTasks) {
      throw new PlanLimitError(`The plan of ${this.name} has room for ${this.maxTasks} tasks.`);
    }
    return this.#put({ id: this.#nextId++, title, isDone: false });
  }

  finishTask(id: number): Task | undefined {
    const task = this.#tasks.get(id);
    return task && this.#put({ ...task, isDone: true });
  }

  removeTask(id: number): boolean {
    return this.#tasks.delete(id);
  }

  toJSON(): TenantRecord {
    const { slug, name, maxTasks, tasks } = this;
    return { slug, name, maxTasks, tasks };
  }

  #put(task: Task): Task {
    this.#tasks.set(task.id, task);
    return task;
  }
}
