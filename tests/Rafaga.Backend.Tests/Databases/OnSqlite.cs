using Rafaga.Backend.Tests.Agent;
using Rafaga.Backend.Tests.Changing;
using Rafaga.Backend.Tests.Commands;
using Rafaga.Backend.Tests.Delivery;
using Rafaga.Backend.Tests.DryRuns;
using Rafaga.Backend.Tests.Models;
using Rafaga.Backend.Tests.Photos;
using Rafaga.Backend.Tests.Privacy;
using Rafaga.Backend.Tests.Reading;
using Rafaga.Backend.Tests.Store;

namespace Rafaga.Backend.Tests.Databases;

public sealed class BadInputTestsOnSqlite() : BadInputTests(DatabaseKind.Sqlite);

public sealed class CompletenessTestsOnSqlite() : CompletenessTests(DatabaseKind.Sqlite);

public sealed class CrashTestsOnSqlite() : CrashTests(DatabaseKind.Sqlite);

public sealed class HostileModelTestsOnSqlite() : HostileModelTests(DatabaseKind.Sqlite);

public sealed class IdempotencyTestsOnSqlite() : IdempotencyTests(DatabaseKind.Sqlite);

public sealed class MemoryToolTestsOnSqlite() : MemoryToolTests(DatabaseKind.Sqlite);

public sealed class PhotoTestsOnSqlite() : PhotoTests(DatabaseKind.Sqlite);

public sealed class SightTestsOnSqlite() : SightTests(DatabaseKind.Sqlite);

public sealed class QuestionTestsOnSqlite() : QuestionTests(DatabaseKind.Sqlite);

public sealed class RandomModelTestsOnSqlite() : RandomModelTests(DatabaseKind.Sqlite);

public sealed class ReadingTestsOnSqlite() : ReadingTests(DatabaseKind.Sqlite);

public sealed class SummaryTestsOnSqlite() : SummaryTests(DatabaseKind.Sqlite);

public sealed class RunLogTestsOnSqlite() : RunLogTests(DatabaseKind.Sqlite);

public sealed class MigrationTestsOnSqlite() : MigrationTests(DatabaseKind.Sqlite);

public sealed class SharingTestsOnSqlite() : SharingTests(DatabaseKind.Sqlite);

public sealed class UndoTestsOnSqlite() : UndoTests(DatabaseKind.Sqlite);

public sealed class OwnershipTestsOnSqlite() : OwnershipTests(DatabaseKind.Sqlite);

public sealed class FilterTestsOnSqlite() : FilterTests(DatabaseKind.Sqlite);

public sealed class KindTestsOnSqlite() : KindTests(DatabaseKind.Sqlite);

public sealed class EditTestsOnSqlite() : EditTests(DatabaseKind.Sqlite);

public sealed class LateMemberTestsOnSqlite() : LateMemberTests(DatabaseKind.Sqlite);

public sealed class SingleUpdateTestsOnSqlite() : SingleUpdateTests(DatabaseKind.Sqlite);

public sealed class MemoryListTestsOnSqlite() : MemoryListTests(DatabaseKind.Sqlite);

public sealed class LanguageTestsOnSqlite() : LanguageTests(DatabaseKind.Sqlite);

public sealed class FeedbackTestsOnSqlite() : FeedbackTests(DatabaseKind.Sqlite);

public sealed class ErasingTestsOnSqlite() : ErasingTests(DatabaseKind.Sqlite);

public sealed class PersonExportTestsOnSqlite() : PersonExportTests(DatabaseKind.Sqlite);

public sealed class AccessTestsOnSqlite() : AccessTests(DatabaseKind.Sqlite);

public sealed class AlbumTestsOnSqlite() : AlbumTests(DatabaseKind.Sqlite);

public sealed class ExportTestsOnSqlite() : ExportTests(DatabaseKind.Sqlite);

public sealed class OperatorChangesTestsOnSqlite() : OperatorChangesTests(DatabaseKind.Sqlite);

public sealed class SearchTestsOnSqlite() : SearchTests(DatabaseKind.Sqlite);

public sealed class MemoryOrdersTestsOnSqlite() : MemoryOrdersTests(DatabaseKind.Sqlite);

public sealed class MembersTestsOnSqlite() : MembersTests(DatabaseKind.Sqlite);

public sealed class DryRunTestsOnSqlite() : DryRunTests(DatabaseKind.Sqlite);
