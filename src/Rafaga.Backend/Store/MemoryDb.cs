using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Rafaga.Backend.Store;

internal sealed class MemoryDb(DbContextOptions<MemoryDb> options) : DbContext(options)
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Conversation> Conversations => Set<Conversation>();

    public DbSet<Batch> Batches => Set<Batch>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<Question> Questions => Set<Question>();

    public DbSet<QuestionMemory> QuestionMemories => Set<QuestionMemory>();

    public DbSet<Run> Runs => Set<Run>();

    public DbSet<RunCall> RunCalls => Set<RunCall>();

    public DbSet<Summary> Summaries => Set<Summary>();

    public DbSet<Event> Events => Set<Event>();

    public DbSet<EventMember> EventMembers => Set<EventMember>();

    public DbSet<FormerMember> FormerMembers => Set<FormerMember>();

    public DbSet<Memory> Memories => Set<Memory>();

    public DbSet<Revision> Revisions => Set<Revision>();

    public DbSet<Invite> Invites => Set<Invite>();

    public DbSet<Command> Commands => Set<Command>();

    public DbSet<Photo> Photos => Set<Photo>();

    public DbSet<PhotoDescription> PhotoDescriptions => Set<PhotoDescription>();

    public DbSet<Feedback> Feedback => Set<Feedback>();

    public DbSet<Erasure> Erasures => Set<Erasure>();

    public DbSet<Secret> Secrets => Set<Secret>();

    private Dialect Dialect => Database.IsSqlite() ? Dialect.Sqlite : Dialect.PostgreSql;

    /// <inheritdoc cref="Dialect.MatchingAsync"/>
    public Task<IQueryable<Memory>> MatchingAsync(string words, SearchScope? scope, CancellationToken cancellationToken) =>
        Dialect.MatchingAsync(this, words, scope, cancellationToken);

    /// <inheritdoc cref="Dialect.LockAsync"/>
    public Task LockAsync(string name, CancellationToken cancellationToken) => Dialect.LockAsync(this, name, cancellationToken);

    /// <inheritdoc cref="Dialect.LockSharedAsync"/>
    public Task LockSharedAsync(string name, CancellationToken cancellationToken) => Dialect.LockSharedAsync(this, name, cancellationToken);

    /// <inheritdoc cref="Dialect.CleanAsync"/>
    public Task CleanAsync(CancellationToken cancellationToken) => Dialect.CleanAsync(this, cancellationToken);

    /// <summary>Begins a transaction that no other one of the same conversation runs beside.</summary>
    public async Task<IDbContextTransaction> BeginAsync(string conversation, CancellationToken cancellationToken)
    {
        var transaction = await Database.BeginTransactionAsync(cancellationToken);
        await Dialect.LockAsync(this, conversation, cancellationToken);
        return transaction;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<EventMember>().HasKey(m => new { m.EventId, m.UserId });
        modelBuilder.Entity<FormerMember>().HasKey(m => new { m.EventId, m.UserId });
        modelBuilder.Entity<RunCall>().HasKey(c => new { c.RunId, c.Number });
        modelBuilder.Entity<Feedback>().HasKey(f => f.BatchId);
        modelBuilder.Entity<Erasure>().HasKey(e => e.PersonHash);
        modelBuilder.Entity<Secret>().HasKey(s => s.Name);
        modelBuilder.Entity<Summary>().HasKey(s => s.ConversationId);
        modelBuilder.Entity<Command>().HasKey(c => new { c.ConversationId, c.Id });
        modelBuilder.Entity<QuestionMemory>().HasKey(m => new { m.QuestionId, m.MemoryId });
        modelBuilder.Entity<Memory>().Ignore(m => m.State).HasQueryFilter(m => !m.Deleted && !m.Hidden);
        // Two turns of one owner (a group and a private chat) that change one memory: the second starts over.
        modelBuilder.Entity<Memory>().Property(m => m.Revision).IsConcurrencyToken();
        foreach (var property in (IMutableProperty[])[
            .. new[] { nameof(Memory.Number), nameof(Memory.Day), nameof(Memory.MonthDay) }.Select(name => modelBuilder.Entity<Memory>().Property(name).Metadata),
            modelBuilder.Entity<Event>().Property(e => e.Memories).Metadata])
        {
            property.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
            property.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        }

        // The relations only order the inserts; the schema is the scripts'.
        Refers<Conversation, User>(modelBuilder, nameof(Conversation.UserId));
        Refers<Conversation, Event>(modelBuilder, nameof(Conversation.CurrentEventId));
        Refers<Batch, Conversation>(modelBuilder, nameof(Batch.ConversationId));
        Refers<Message, Batch>(modelBuilder, nameof(Message.BatchId));
        Refers<Event, User>(modelBuilder, nameof(Event.OwnerId));
        Refers<EventMember, Event>(modelBuilder, nameof(EventMember.EventId));
        Refers<EventMember, User>(modelBuilder, nameof(EventMember.UserId));
        Refers<FormerMember, Event>(modelBuilder, nameof(FormerMember.EventId));
        Refers<FormerMember, User>(modelBuilder, nameof(FormerMember.UserId));
        Refers<Memory, Event>(modelBuilder, nameof(Memory.EventId));
        Refers<Memory, Message>(modelBuilder, nameof(Memory.MessageId));
        Refers<Memory, Photo>(modelBuilder, nameof(Memory.PhotoId));
        Refers<PhotoDescription, User>(modelBuilder, nameof(PhotoDescription.OwnerId));
        Refers<Revision, Memory>(modelBuilder, nameof(Revision.MemoryId));
        Refers<Invite, Event>(modelBuilder, nameof(Invite.EventId));
        Refers<Command, Conversation>(modelBuilder, nameof(Command.ConversationId));
        Refers<Question, Batch>(modelBuilder, nameof(Question.BatchId));
        Refers<QuestionMemory, Question>(modelBuilder, nameof(QuestionMemory.QuestionId));
        Refers<QuestionMemory, Memory>(modelBuilder, nameof(QuestionMemory.MemoryId));
        Refers<Feedback, Batch>(modelBuilder, nameof(Store.Feedback.BatchId));
        Refers<Run, Batch>(modelBuilder, nameof(Run.BatchId));
        Refers<RunCall, Run>(modelBuilder, nameof(RunCall.RunId));

        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(Snake(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Snake(property.Name));
                Dialect.Adapt(property);
            }
        }
    }

    private static void Refers<TFrom, TTo>(ModelBuilder builder, string key)
        where TFrom : class
        where TTo : class =>
        builder.Entity<TFrom>().HasOne<TTo>().WithMany().HasForeignKey(key);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
